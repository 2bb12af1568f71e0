interface Job { readonly name: string; readonly payload: Record<string, unknown> }
async function run(job: Job, retries: number = 2): Promise<string> {
  const name: string = await Promise.resolve<string>(job.name);
  if (retries > 0) return await run(job, retries - 1);
  throw new Error(`failed: ${name}` as string);
}
run({ name: 'job', payload: {} }).catch((error: Error) => console.log(error.stack!.split('\n').slice(0, 4).join('\n').replace(/file:\/\//g, '')));
