/** Comments that silence findings: `// simul-ignore RULE: reason`, or several rules. */
const COMMENT = /(\/\/|\/\*|#)[ \t]*simul-ignore[ \t]+([a-z-]+(?:[ \t]*,?[ \t]+[a-z-]+(?=[ \t,:]|$))*)/gm;

export interface IgnoredRules {
  /** Offset of the first character of the line that it holds for. */
  readonly at: number;
  /** Names with blanks between them. */
  readonly rules: string;
}

/** @param mark what begins a comment: `#` is Python's, and `//` stands for `/*`, too */
export function ignoredRules(source: string, mark: '//' | '#' = '//'): IgnoredRules[] {
  if (!source.includes('simul-ignore')) return [];
  const comments = [...source.matchAll(COMMENT)].filter(([, begin]) => (begin === '#') === (mark === '#'));
  return comments.map((match) => {
    const lineStart = source.lastIndexOf('\n', match.index - 1) + 1;
    const isAlone = source.slice(lineStart, match.index).trim() === '';
    const at = isAlone ? source.indexOf('\n', match.index) + 1 || lineStart : lineStart;
    const indent = /^[ \t]*/.exec(source.slice(at, at + 200))![0].length;
    return { at: at + indent, rules: match[2]!.split(/[ \t,]+/).join(' ') };
  });
}
