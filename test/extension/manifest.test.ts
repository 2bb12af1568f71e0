import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { tree } from '../machine/tree.ts';
import { LANGUAGE_IDS } from '../../extension/language-client/language-ids.ts';
import { clausesOf, manifest, manifestText, titles } from './manifest.ts';

/** A package.json has lenses above its scripts. */
const MANIFESTS = 'json';

const { configuration, colors, walkthroughs } = manifest.contributes;

describe('the manifest', () => {
  it('has words for every %key%, and no others', () => {
    const used = [...new Set([...manifestText.matchAll(/"%([\w.]+)%"/g)].map((match) => match[1]!))];
    assert.deepEqual(used.sort(), Object.keys(titles).sort());
  });

  it('describes every setting', () => {
    for (const [name, { markdownDescription }] of Object.entries(configuration.properties)) {
      assert.ok(markdownDescription, name);
    }
  });

  it('has a colour for each kind of theme', () => {
    for (const { defaults } of colors) {
      assert.deepEqual(Object.keys(defaults).sort(), ['dark', 'highContrast', 'highContrastLight', 'light']);
    }
  });

  it('has a colour for each state of a task, which the panel reads', () => {
    const theme = readFileSync(join(tree, 'media/page/theme.ts'), 'utf8');
    const ids = colors.map(({ id }) => id);
    for (const state of ['run', 'ready', 'wait', 'idle']) {
      assert.ok(ids.includes(`simul.${state}`), state);
      assert.ok(theme.includes(`'--vscode-simul-${state}'`), state);
    }
  });

  it('names pictures and pages that exist', () => {
    const pages = walkthroughs.flatMap(({ steps }) => steps.map(({ media }) => media.svg));
    for (const path of [manifest.icon, ...pages]) assert.ok(existsSync(join(tree, path)), path);
  });

  it('has pictures in the walkthrough that follow the theme, each with its words', () => {
    for (const { media } of walkthroughs.flatMap(({ steps }) => steps)) {
      assert.match(media.altText, /^%/);
      const svg = readFileSync(join(tree, media.svg), 'utf8');
      const colors = [...svg.matchAll(/(?:fill|stroke)="([^"]+)"/g)].map(([, color]) => color!);
      const fixed = colors.filter((color) => !/^(?:none$|var\(--vscode-|url\(#)/.test(color));
      assert.deepEqual(fixed, [], media.svg);
    }
  });

  it('activates for the languages that the extension serves, and shows its menus in them', () => {
    const activating = manifest.activationEvents.filter((event) => event.startsWith('onLanguage:'));
    assert.deepEqual(
      activating.sort(),
      [...LANGUAGE_IDS, MANIFESTS].map((language) => `onLanguage:${language}`).sort(),
    );
    const patterns = clausesOf(manifest).flatMap(
      (clause) => /resourceLangId =~ \/(.*)\//.exec(clause)?.[1] ?? [],
    );
    assert.notEqual(patterns.length, 0);
    for (const pattern of patterns)
      for (const language of LANGUAGE_IDS) assert.match(language, new RegExp(pattern));
  });

  it('activates for what it serves, never for everything, and has five keywords at most', () => {
    assert.ok(!manifest.activationEvents.some((event) => event === '*' || event === 'onStartupFinished'));
    assert.ok(manifest.keywords.length <= 5);
  });
});
