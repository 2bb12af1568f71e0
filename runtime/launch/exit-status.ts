/** The exit statuses of the command line: those of sysexits.h, and a shell's for a program. */
export const EXIT = {
  ok: 0,
  wrongUsage: 2,
  /** The tests succeeded, and something was found that `--fail-on` names. */
  findings: 3,
  cannotRead: 66,
  ownFault: 70,
  cannotWrite: 73,
  outputFailed: 74,
  cannotStart: 126,
  notFound: 127,
} as const;
