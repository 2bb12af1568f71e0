import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
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

  it('names pictures and pages that exist', () => {
    const pages = walkthroughs.flatMap(({ steps }) => steps.map(({ media }) => media.markdown));
    for (const path of [manifest.icon, ...pages]) assert.ok(existsSync(join(tree, path)), path);
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
