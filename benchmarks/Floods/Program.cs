if (args is ["serve", .. var rest])
{
    await FloodedService.RunAsync(rest);
    return 0;
}

return await FloodRun.RunAsync(output: args.FirstOrDefault());
