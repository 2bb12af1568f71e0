/** Asks again until there is an answer: for what VS Code's API can be asked but does not announce. */
export async function until<T>(
  what: string,
  ask: () => Promise<T | null | undefined> | T | null | undefined,
  boundMs = 30_000,
): Promise<T> {
  const deadline = performance.now() + boundMs;
  for (;;) {
    const answer = await ask();
    if (answer !== null && answer !== undefined) return answer;
    if (performance.now() > deadline) throw new Error(`${what}: not within ${boundMs / 1000} s`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
