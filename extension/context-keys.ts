/**
 * The context keys that the manifest reads: in `when` and `enablement` clauses, and as events that
 * end a step of the walkthrough. A test compares the two. No vscode is imported here, so that the
 * test can run in plain Node.
 */
export const CONTEXT_KEYS = {
  /** A program runs under trace. */
  running: 'simul.running',
  /** A traced program stands under the built-in debugger. */
  pausedLive: 'simul.pausedLive',
  /** This window has a recording that can be shown and saved. */
  hasRecording: 'simul.hasRecording',
} as const;

/** Steps of the walkthrough are done when what they say has happened, not when it was tried. */
export const WALKTHROUGH_KEYS = {
  /** The example has run to its end. */
  tried: 'simul.hasTried',
  /** A program of the user's has run. */
  traced: 'simul.hasTraced',
  /** The panel has shown a line of the source. */
  read: 'simul.hasRead',
} as const;
