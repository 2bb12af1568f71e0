import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { pageHtml } from '../../../extension/panel/page.ts';

const html = pageHtml({
  cspSource: 'https://*.vscode-cdn.net',
  scriptUri: 'https://cdn/panel.js',
  styleUri: 'https://cdn/panel.css',
  nonce: 'abc',
  language: 'en',
  title: '<img src=x>"&',
});

describe('the page', () => {
  it('admits its own script and a worker of its own, and nothing else', () => {
    const policy = /content="([^"]*)"/.exec(html)?.[1]?.replaceAll('&#39;', "'") ?? '';
    assert.deepEqual(policy.split('; '), [
      "default-src 'none'",
      'style-src https://*.vscode-cdn.net',
      'font-src https://*.vscode-cdn.net data:',
      "script-src 'nonce-abc'",
      'worker-src blob:',
    ]);
  });

  it('has one script, with the nonce, and none inline', () => {
    assert.deepEqual(html.match(/<script[^>]*>[^<]*<\/script>/g), [
      '<script nonce="abc" src="https://cdn/panel.js"></script>',
    ]);
  });

  it('takes a title as text', () => {
    assert.match(html, /<title>&lt;img src=x&gt;&quot;&amp;<\/title>/);
  });
});
