/** bee-queue, installed into the cache. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cached } from './cache.ts';
import { npmInstall } from './npm.ts';

const SPEC = 'bee-queue@2.0.0';

/** @returns the folder with the `node_modules` that has it */
export const beeQueueFolder = (): Promise<string> =>
  cached('bench-bee-queue-2.0.0', async (folder) => {
    writeFileSync(join(folder, 'package.json'), '{"private":true}');
    await npmInstall({ folder, spec: SPEC });
  });
