/**
 * The context keys that the manifest's `when` and `enablement` clauses read. A test compares the
 * two. No vscode is imported here, so that the test can run in plain Node.
 */
export const CONTEXT_KEYS = {
  /** A program runs under trace. */
  running: 'simul.running',
  /** This window has a recording that can be shown and saved. */
  hasRecording: 'simul.hasRecording',
} as const;
