/**
 * Each way into a trace, from a profile in which nothing was done before: the clicks and the
 * seconds from the open window to the first sentence that says what is wrong with the program.
 */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'mocha';
import type { Locator } from 'playwright-core';
import { chooseFromMenu, chooseRow, openWorkbench, type Workbench } from '../workbench.ts';

const MAX_CLICKS = 3;
const MAX_SECONDS = 60;

const LOAD = `import { setTimeout as sleep } from 'node:timers/promises';
async function fetchOrder(id) {
  await sleep(90);
  return id;
}
async function loadOrders(ids) {
  const orders = [];
  for (const id of ids) {
    orders.push(await fetchOrder(id));
  }
  return orders;
}
`;
const PYTHON = `import asyncio
import unittest

async def fetch_order(id):
    await asyncio.sleep(0.09)
    return id

class Orders(unittest.IsolatedAsyncioTestCase):
    async def test_loads(self):
        orders = []
        for id in range(6):
            orders.append(await fetch_order(id))
`;
const TASK = { type: 'simul', label: 'traced orders', command: 'node orders.mjs', problemMatcher: [] };

const FILES: Readonly<Record<string, string>> = {
  'orders.mjs': `${LOAD}await loadOrders([1, 2, 3, 4, 5, 6]);\n`,
  'orders.test.mjs': `import test from 'node:test';\n${LOAD}test('loads', async () => {\n  await loadOrders([1, 2, 3, 4, 5, 6]);\n});\n`,
  'test_orders.py': PYTHON,
  'package.json': '{\n  "scripts": {\n    "orders": "node orders.mjs"\n  }\n}\n',
  '.vscode/tasks.json': JSON.stringify({ version: '2.0.0', tasks: [TASK] }),
};

/** What a person does; each call is a click, or what stands for one. */
class Person {
  clicks = 0;
  readonly workbench: Workbench;

  constructor(workbench: Workbench) {
    this.workbench = workbench;
  }

  async click(target: Locator, button: 'left' | 'right' = 'left'): Promise<void> {
    this.clicks++;
    await target.click({ button });
  }

  async choose(item: Locator): Promise<void> {
    this.clicks++;
    await chooseFromMenu(item);
  }

  lens(title: string): Locator {
    return this.workbench.page.locator('.codelens-decoration a', { hasText: title }).first();
  }

  file(name: string): Locator {
    return this.workbench.page.locator('.explorer-folders-view .monaco-list-row', { hasText: name }).first();
  }

  menu(title: string): Locator {
    return this.workbench.page.locator('.monaco-menu .action-label', { hasText: title }).first();
  }

  /** Opening the palette and choosing from it: two. */
  async command(title: string): Promise<void> {
    this.clicks += 2;
    await this.workbench.runCommand(title);
  }

  /** Ends what was typed. */
  async enter(): Promise<void> {
    this.clicks++;
    await this.workbench.page.keyboard.press('Enter');
  }
}

interface Way {
  readonly name: string;
  /** Open in the editor. */
  readonly file: string;
  readonly sentence: RegExp;
  readonly go: (person: Person) => Promise<void>;
}

const IN_JS = /loadOrders awaited 6 calls of `fetchOrder` one after another/;

const WAYS: readonly Way[] = [
  {
    name: 'the lens of a file',
    file: 'orders.mjs',
    sentence: IN_JS,
    go: (person) => person.click(person.lens('Trace with Simul')),
  },
  {
    name: 'the button above the editor',
    file: 'orders.mjs',
    sentence: IN_JS,
    go: (person) =>
      person.click(person.workbench.page.locator('.editor-actions [aria-label^="Trace Current File"]')),
  },
  {
    name: 'the menu of a file in the explorer',
    file: 'package.json',
    sentence: IN_JS,
    go: async (person) => {
      await person.click(person.file('orders.mjs'), 'right');
      await person.workbench.screenshot('menu-explorer-file');
      await person.choose(person.menu('Trace with Simul'));
    },
  },
  {
    name: 'the lens of an npm script',
    file: 'package.json',
    sentence: IN_JS,
    go: (person) => person.click(person.lens('Trace with Simul')),
  },
  {
    name: 'the menu at an npm script',
    file: 'package.json',
    sentence: IN_JS,
    go: async (person) => {
      const line = person.workbench.page.locator('.view-line', { hasText: 'node orders.mjs' });
      await person.click(line.locator('span span').last(), 'right');
      await person.workbench.screenshot('menu-script');
      await person.choose(person.menu('Trace npm Script'));
    },
  },
  {
    name: 'the menu of package.json in the explorer',
    file: 'orders.mjs',
    sentence: IN_JS,
    go: async (person) => {
      await person.click(person.file('package.json'), 'right');
      await person.workbench.screenshot('menu-explorer-manifest');
      await person.choose(person.menu('Trace npm Script'));
      person.clicks++;
      await person.workbench.screenshot('menu-choose-script');
      await chooseRow(person.workbench.page, 'Trace Script', 'orders');
    },
  },
  {
    name: 'the lens of a test',
    file: 'orders.test.mjs',
    sentence: IN_JS,
    go: (person) => person.click(person.lens('Trace this test')),
  },
  {
    name: 'the lens of a test in Python',
    file: 'test_orders.py',
    sentence: /awaited 6 calls of `fetch_order` one after another/,
    go: (person) => person.click(person.lens('Trace this test')),
  },
  {
    name: 'a command that is typed',
    file: 'package.json',
    sentence: IN_JS,
    go: async (person) => {
      await person.command('Simul: Trace Command…');
      const input = person.workbench.page.locator('.quick-input-widget', { hasText: 'Trace Command' });
      await input.locator('input[type="text"]').fill('node orders.mjs');
      await person.enter();
    },
  },
  {
    name: 'a task of a tasks.json',
    file: 'package.json',
    sentence: IN_JS,
    go: async (person) => {
      await person.command('Tasks: Run Task');
      const row = person.workbench.page.locator('.quick-input-list .monaco-list-row', {
        hasText: TASK.label,
      });
      await person.click(row);
    },
  },
  {
    name: 'a traced terminal',
    file: 'package.json',
    sentence: IN_JS,
    go: async (person) => {
      await person.command('Simul: Open a Traced Terminal');
      await person.workbench.page.locator('.terminal-wrapper.active .xterm.focus').waitFor();
      await person.workbench.page.keyboard.type('node orders.mjs');
      await person.enter();
    },
  },
];

describe('the first sentence', () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'simul-workbench-')));
  let workbench: Workbench | undefined;

  before(() => {
    mkdirSync(join(folder, '.vscode'));
    for (const [name, text] of Object.entries(FILES)) writeFileSync(join(folder, name), text);
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed')
      console.log(
        `      screenshot: ${await workbench?.screenshot(`failed-first-${this.currentTest.title.replace(/\W+/g, '-')}`)}`,
      );
    await workbench?.close();
    workbench = undefined;
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  for (const { name, file, sentence, go } of WAYS)
    it(`comes by ${name}`, async () => {
      workbench = await openWorkbench({ folder, file: join(folder, file) });
      const person = new Person(workbench);
      const startMs = performance.now();
      // Menus are whole when the workspace is known to be trusted; the lens waits for that, too.
      await person.lens('Trace').waitFor();
      await go(person);
      await workbench.webview().locator('.answer').filter({ hasText: sentence }).waitFor();
      const seconds = (performance.now() - startMs) / 1000;
      await workbench.screenshot(`first-${name.replace(/\W+/g, '-')}`);
      console.log(`      ${person.clicks} click${person.clicks === 1 ? '' : 's'}, ${seconds.toFixed(1)} s`);
      assert.ok(person.clicks <= MAX_CLICKS, `${person.clicks} clicks`);
      assert.ok(seconds <= MAX_SECONDS, `${seconds} s`);
    });
});
