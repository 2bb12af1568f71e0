/**
 * The links of the packages, made from the repository that package.json names: where problems are
 * reported and where the page is. npm does the same by itself when it publishes.
 */

export interface Manifest {
  readonly repository: { readonly type: string; readonly url: string };
}

export interface Links {
  readonly bugs: { readonly url: string };
  readonly homepage: string;
}

/** What stands in the repository's place until there is one. */
const PLACEHOLDER = 'https://github.com/OWNER/simul';

export function withLinks<M extends Manifest>(manifest: M): M & Links {
  const page = pageOf(manifest);
  return { ...manifest, bugs: { url: `${page}/issues` }, homepage: `${page}#readme` };
}

/** One sentence to print while packaging, as long as the repository is a placeholder. */
export function placeholderWarning(manifest: Manifest): string | undefined {
  if (pageOf(manifest) !== PLACEHOLDER) return undefined;
  return (
    `The repository in package.json, ${PLACEHOLDER}, is a placeholder: ` +
    'the links of this package lead nowhere until it names the real one.'
  );
}

function pageOf({ repository: { url } }: Manifest): string {
  const page = url.replace(/^git\+/, '').replace(/\.git$/, '');
  if (!/^https:\/\/[^/]+\/[^/]+\/[^/]+$/.test(page))
    throw new Error(
      `"repository" in package.json is expected as https://HOST/OWNER/NAME.git, and is ${JSON.stringify(url)}`,
    );
  return page;
}
