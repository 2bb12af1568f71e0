/** What fails here, near the end of the stack say, is no business of the program's. */
export function quietly(note: () => void): void {
  try {
    note();
  } catch {
    // It stays unknown.
  }
}
