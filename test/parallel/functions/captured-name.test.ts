/** What is advised where a function uses a name from around itself. */
import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { adviseOn } from '../../../runtime/parallel/functions/captured-name.ts';

const DOOR = 'the door';
const SOURCE = `
import type { Order } from './types.js';
import crypto, { createHash, randomBytes as bytes } from 'node:crypto';
import * as fs from "fs";
import { price } from './prices.js';
const { join: joined } = require('path');
const lodash = require('lodash');
const rate = 3;
let limit = (1 + 2) * rate;
function round(n) { return n; }
const half = async (n) => n / 2;
class Money {}
export async function bake() {
  function inner() {}
  const fresh = () => 1;
}
`;

describe('Where a function uses a name from around itself', () => {
  const builtin = (name: string, line: string): void => {
    it(`"${name}", of a module of Node, is loaded inside of it`, () => {
      assert.equal(
        adviseOn(name, SOURCE, DOOR),
        `"${name}" is imported: write ${line} inside the function, or give the door`,
      );
    });
  };
  builtin('createHash', 'const { createHash } = process.getBuiltinModule("node:crypto")');
  builtin('bytes', 'const { randomBytes: bytes } = process.getBuiltinModule("node:crypto")');
  builtin('crypto', 'const crypto = process.getBuiltinModule("node:crypto")');
  builtin('fs', 'const fs = process.getBuiltinModule("fs")');
  builtin('joined', 'const { join: joined } = process.getBuiltinModule("path")');

  for (const [name, what] of [
    ['price', 'imported'],
    ['lodash', 'imported'],
    ['round', 'code'],
    ['half', 'code'],
    ['Money', 'code'],
    ['bake', 'code'],
  ] as const)
    it(`"${name}", which no argument can be, makes it a function of a file that exports it`, () => {
      assert.equal(
        adviseOn(name, SOURCE, DOOR),
        `"${name}" is ${what}, which cannot be an argument: move the function to a file that imports what it needs and exports it, or give the door`,
      );
    });

  for (const name of ['rate', 'limit', 'inner', 'fresh', 'Order', 'unknown', 'join', '$'])
    it(`"${name}", which may be data, can be an argument`, () => {
      assert.equal(adviseOn(name, SOURCE, DOOR), `give "${name}" as an argument, or the door`);
    });
});
