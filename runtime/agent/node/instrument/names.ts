/**
 * The names that emitted code uses. The source contains none of them anywhere, not even in a
 * string. So none of the user's names can be shadowed or captured, whatever the scopes are.
 */
export interface Names {
  /** The probe set. */
  readonly probes: string;
  /** The activation of the innermost async function. */
  readonly activation: string;
  /** The function that returns the file's first site id. */
  readonly base: string;
  /** The token that `finallyIn` returns. */
  readonly pending: string;
  /** The error of a `catch` that does not name it. */
  readonly error: string;
}

export function unusedNames(source: string): Names {
  const pick = (wanted: string): string => {
    let name = wanted;
    for (let n = 1; source.includes(name); n++) name = wanted + n;
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
