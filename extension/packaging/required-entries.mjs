/** The files through which `require` loads the library. */
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';

/**
 * What `require('simul')` loads: the library that `import` loads, so that a program has one. Where
 * that cannot be required, it is `dist/library.cjs`, which holds all entries and loads each when it
 * is asked for.
 */
export const required = {
  index: 'runtime/index.ts',
  frames: 'runtime/parallel/frames/frames.ts',
  jobs: 'runtime/jobs/jobs.ts',
  trace: 'runtime/launch/index.ts',
};

/**
 * `simul/frames` is of the second build in any case: the tables that a CommonJS program makes are
 * of the copy of apache-arrow that `require` gives, and only that copy can read them.
 */
const requiredFrames = `'use strict';
module.exports = require('./library.cjs').frames();
`;

const requiredEntry = (name) => `'use strict';
let library;
try {
  library = require('./${name}.js');
} catch (error) {
  if (error.code !== 'ERR_REQUIRE_ESM') throw error;
  library = require('./library.cjs').${name}();
}
module.exports = library;
`;

/** Writes them into the build's folder below `root`. */
export async function writeRequiredEntries(root) {
  for (const name of Object.keys(required))
    await writeFile(
      resolve(root, `dist/${name}.cjs`),
      name === 'frames' ? requiredFrames : requiredEntry(name),
    );
}
