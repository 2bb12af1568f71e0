/** A difference between untraced and traced that is known. */

import type { NodeMajor } from '../machine/node-binaries.ts';

export interface Known {
  readonly kind: 'promise' | 'fault';
  readonly reason: string;
  readonly programs: readonly string[];
  /** Absent: every way. */
  readonly ways?: readonly string[];
  /** Absent: every Node. */
  readonly nodes?: readonly NodeMajor[];
  /** Absent: both. */
  readonly depth?: 'full' | 'light';
}
