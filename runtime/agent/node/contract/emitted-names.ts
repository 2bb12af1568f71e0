/**
 * The names in instrumented text. All begin with one prefix that no program uses; a file whose text
 * contains it is not instrumented. So none of the user's names can be shadowed or captured,
 * whatever the scopes are, and instrumented text is known by the prefix.
 *
 * The capitals are constants of the realm (`publish-probes.ts`). `probe-set.ts` says what each
 * does.
 */
export const PREFIX = '$simul$';

/** Local to a function or a file. */
export const ACTIVATION = `${PREFIX}a`;
export const BASE = `${PREFIX}b`;
export const ERROR = `${PREFIX}e`;

/** Variables of the realm: the operand and the site of the probe that is called next. */
export const OPERAND = `${PREFIX}t`;
export const SITE = `${PREFIX}s`;

/** Constants of the realm, by what they do. */
export const PROBE = {
  file: `${PREFIX}F`,
  baseOfScript: `${PREFIX}B`,
  enter: `${PREFIX}E`,
  enterGuarded: `${PREFIX}G`,
  suspend: `${PREFIX}S`,
  resume: `${PREFIX}R`,
  /** Behind what came between the await and the probe: it does not get the value. */
  resumeLater: `${PREFIX}Rb`,
  /** As `resumeLater`, among the arguments of a call that has none. */
  resumeInCall: `${PREFIX}Z`,
  caught: `${PREFIX}C`,
  finallyIn: `${PREFIX}I`,
  finallyOut: `${PREFIX}O`,
  finallyLeave: `${PREFIX}P`,
  ret: `${PREFIX}V`,
  leave: `${PREFIX}Q`,
  done: `${PREFIX}K`,
  end: `${PREFIX}D`,
  exit: `${PREFIX}X`,
  /** Of a callback: its begin, a value that it returns, its end. */
  enterCallback: `${PREFIX}W`,
  returnFromCallback: `${PREFIX}Wr`,
  leaveCallback: `${PREFIX}Wx`,
  yielding: `${PREFIX}Y`,
  /** Of generators that are not async. */
  enterGenerator: `${PREFIX}Yb`,
  sent: `${PREFIX}Yn`,
  made: `${PREFIX}M`,
  given: `${PREFIX}T`,
  streamCalled: `${PREFIX}Tc`,
  asked: `${PREFIX}J`,
  at: `${PREFIX}A`,
  iterate: `${PREFIX}L`,
  stepped: `${PREFIX}N`,
  decoratorHelpers: `${PREFIX}H`,
  /** Called by the helper thread alone, while other code holds the thread. */
  held: `${PREFIX}U`,
} as const;
