using Microsoft.AspNetCore.Mvc;

namespace Truth.App.Controllers;

/// <summary>The same actions for every entity.</summary>
[ApiController]
[Route("api/[controller]")]
public abstract class CrudController<TEntity> : ControllerBase
{
    [HttpGet("e230")]
    [AgentScope(AgentScopes.CustomersRead)]
    public string List() => typeof(TEntity).Name; // e230

    [HttpPost("e231")]
    public virtual string Create() => typeof(TEntity).Name; // e231
}

/// <summary>Customers.</summary>
public sealed class CustomersController : CrudController<int>;

/// <summary>Suppliers.</summary>
public sealed class SuppliersController : CrudController<string>;
