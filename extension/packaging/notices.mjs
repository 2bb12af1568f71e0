/**
 * The notices of other people's work that ships: for each package whose code or files are in what a
 * build made, its name, its licence and the text of the licence. Nothing ships without its notice:
 * a package without a licence text stops the build.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const modules = join(dirname(fileURLToPath(import.meta.url)), '../../node_modules');
const RULE = '='.repeat(80);

/** Shipped as files that no bundler sees: the parsers, and the icons in the panel's styles. */
const AS_FILES = ['oxc-parser', 'oxc-transform', '@vscode/codicons'];

/**
 * @param {readonly string[]} inputs paths of what went into the bundles, from the project's folder
 * @returns {readonly string[]} names of the packages among them, in the order of the alphabet
 */
export function packagesOf(inputs) {
  const names = inputs.flatMap((path) => {
    const name = /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1];
    return name === undefined ? [] : [name];
  });
  return [...new Set([...names, ...AS_FILES])].sort();
}

/**
 * @param {readonly string[]} inputs as for `packagesOf`
 * @returns {string} the notices
 * @throws Error where a package has no licence text
 */
export function noticesFor(inputs) {
  const notices = packagesOf(inputs).map((name) => {
    const folder = join(modules, name);
    const { version, license, homepage, repository } = JSON.parse(
      readFileSync(join(folder, 'package.json'), 'utf8'),
    );
    const texts = existsSync(folder)
      ? readdirSync(folder).filter((file) => /^(?:licen[cs]e|copying|notice)/i.test(file))
      : [];
    if (texts.length === 0) throw new Error(`${name} ships without a licence text`);
    const source = homepage ?? repository?.url ?? repository ?? '';
    const body = texts.map((file) => readFileSync(join(folder, file), 'utf8').trim()).join('\n\n');
    return `${RULE}\n${name} ${version}: ${license}\n${source}\n${RULE}\n\n${body}\n`;
  });
  return `Simul contains work of others. Their notices follow, one for each package.\n\n${notices.join('\n')}`;
}
