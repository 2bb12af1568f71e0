/** Every way to start a program, a row each. */

import { NODE_WAYS } from './ways-node.ts';
import { RUNNER_WAYS } from './ways-runners.ts';
import { TYPESCRIPT_WAYS } from './ways-typescript.ts';
import type { Way } from './way.ts';

export const WAYS: readonly Way[] = [...NODE_WAYS, ...TYPESCRIPT_WAYS, ...RUNNER_WAYS];
