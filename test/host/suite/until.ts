/** Polls until there is an answer: for states that VS Code's API gives but sends no event for. */
export async function until<T>(
  what: string,
  query: () => Promise<T | null | undefined> | T | null | undefined,
  boundMs = 30_000,
): Promise<T> {
  const deadline = performance.now() + boundMs;
  for (;;) {
    const answer = await query();
    if (answer !== null && answer !== undefined) return answer;
    if (performance.now() > deadline) throw new Error(`${what}: not within ${boundMs / 1000} s`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
