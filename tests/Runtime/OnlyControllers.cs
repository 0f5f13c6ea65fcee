using System.Reflection;
using Microsoft.AspNetCore.Mvc.ApplicationParts;
using Microsoft.AspNetCore.Mvc.Controllers;

namespace AgentAuth;

/// <summary>Adds controllers that no other test has, since they are not public.</summary>
internal sealed class OnlyControllers(params Type[] types) : IApplicationFeatureProvider<ControllerFeature>
{
    public void PopulateFeature(IEnumerable<ApplicationPart> parts, ControllerFeature feature)
    {
        foreach (var type in types)
        {
            feature.Controllers.Add(type.GetTypeInfo());
        }
    }
}
