/**
 * The names that emitted code uses. Each is one the source does not contain anywhere (not even in a string), so
 * nothing of the user's can be shadowed or captured, whatever its scopes are.
 */
export interface Names {
  /** The probe set. */
  readonly probes: string;
  /** The activation of the innermost async function. */
  readonly activation: string;
  /** The function that gives the file's first site id. */
  readonly base: string;
  /** The token that `finallyIn` gives. */
  readonly pending: string;
  /** The error of a `catch` that does not name it. */
  readonly error: string;
}

export function unusedNames(source: string): Names {
  const pick = (wish: string): string => {
    let name = wish;
    for (let n = 1; source.includes(name); n++) name = wish + n;
    return name;
  };
  return {
    probes: pick('$p'),
    activation: pick('$a'),
    base: pick('$b'),
    pending: pick('$f'),
    error: pick('$e'),
  };
}
