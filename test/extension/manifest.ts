/** The manifest and its translated words, as the tests of the extension read them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { tree } from '../machine/tree.ts';

export interface Manifest {
  readonly icon: string;
  readonly activationEvents: readonly string[];
  readonly keywords: readonly string[];
  readonly contributes: {
    readonly commands: readonly ManifestCommand[];
    readonly menus: Readonly<Record<string, readonly { command: string; when?: string }[]>>;
    readonly keybindings: readonly { command: string; key: string; when: string }[];
    readonly configuration: { properties: Readonly<Record<string, { markdownDescription?: string }>> };
    readonly colors: readonly { id: string; defaults: Readonly<Record<string, string>> }[];
    readonly walkthroughs: readonly {
      steps: readonly { media: { svg: string; altText: string }; completionEvents: readonly string[] }[];
    }[];
  };
}

export interface ManifestCommand {
  readonly command: string;
  readonly category: string;
  readonly icon?: string;
  readonly title: string;
  readonly enablement?: string;
}

export const manifestText: string = readFileSync(join(tree, 'package.json'), 'utf8');
export const manifest: Manifest = JSON.parse(manifestText) as Manifest;

/** package.nls.json: the words behind each %key% of the manifest. */
export const titles: Readonly<Record<string, string>> = JSON.parse(
  readFileSync(join(tree, 'package.nls.json'), 'utf8'),
) as Record<string, string>;

/** Every `when` and `enablement` clause, and what ends the steps of walkthroughs. */
export function clausesOf({
  contributes: { commands, menus, keybindings, walkthroughs },
}: Manifest): string[] {
  return [
    ...keybindings.map(({ when }) => when),
    ...walkthroughs.flatMap(({ steps }) => steps.flatMap(({ completionEvents }) => completionEvents)),
    ...commands.map(({ enablement }) => enablement),
    ...Object.values(menus).flatMap((items) => items.map(({ when }) => when)),
  ].filter((clause) => clause !== undefined);
}
