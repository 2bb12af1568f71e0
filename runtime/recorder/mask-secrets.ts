/**
 * The command line as a recording holds it. A recording is a file that people send around: what
 * looks like a secret is not written.
 */
const MASK = '***';

/** `--password`, `--api-key`, `-token`, `DB_SECRET`: a name that says what its value is. */
const SECRET_NAME =
  /(?:pass(?:word|wd|phrase)?|pwd|secret|token|api[-_]?key|access[-_]?key|private[-_]?key|credential|auth(?:orization)?|bearer|session[-_]?id|cookie)s?$/i;

/** Tokens that show by their form what they are. */
const TOKEN =
  /\b(?:gh[pousr]_\w{20,}|github_pat_\w{20,}|xox[abprs]-[\w-]{10,}|sk-[\w-]{16,}|AKIA[0-9A-Z]{16}|eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*)/g;

/** Name and password of a URL, and the values of its query that are named like secrets. */
const URL_USER = /([a-z][a-z\d+.-]*:\/\/[^\s/:@]*):[^\s/@]+@/gi;
const QUERY_VALUE = /([?&;]([^\s=&;?]+)=)[^\s&;#]+/g;

/** @returns the arguments, each with its secrets replaced by `***` */
export function maskSecrets(args: readonly string[]): string[] {
  let isValueNext = false;
  return args.map((argument) => {
    if (isValueNext && !argument.startsWith('-')) {
      isValueNext = false;
      return MASK;
    }
    const [, name, separator, value] = /^(-{0,2}[\w.-]+?)(=|$)([^]*)$/.exec(argument) ?? [];
    const isSecret = name !== undefined && SECRET_NAME.test(name);
    isValueNext = isSecret && separator === '' && argument.startsWith('-');
    if (isSecret && separator === '=' && value !== '') return `${name}=${MASK}`;
    return maskText(argument);
  });
}

function maskText(text: string): string {
  return text
    .replace(URL_USER, `$1:${MASK}@`)
    .replace(QUERY_VALUE, (all, head: string, name: string) => (SECRET_NAME.test(name) ? head + MASK : all))
    .replace(TOKEN, MASK);
}
