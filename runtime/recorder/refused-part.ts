/**
 * The part of a process that is not traced: what it was, and one sentence that says why. It is
 * written whole, by whoever knows the reason: the process itself as it steps aside, or who started
 * it. A reader finds a process whose agent is off.
 */
import { AGENT_NOTICE, FLAG, KIND, LANGUAGE, START_METHOD, flagBits, KINDS } from '../trace/format/kinds.ts';
import { RECORD_BYTES, TEXT_MAX_BYTES, TEXT_PIECE_BYTES, head } from '../trace/format/layout.ts';
import { encodePartHead } from '../trace/format/part.ts';
import { maskSecrets } from './mask-secrets.ts';

export interface RefusedProcess {
  readonly pid: number;
  readonly parentPid: number;
  readonly startNs: bigint;
  readonly wallNs: bigint;
  /** The command line; what looks like a secret in it is not written. */
  readonly args: readonly string[];
  /** `process.version`; '': not known. */
  readonly version: string;
  /** One of LANGUAGE; default: Node's. */
  readonly language?: number;
  /** Ends the sentence "was not traced: …". */
  readonly why: string;
}

/** The bytes of the part's only segment. */
export function encodeRefusedPart(refused: RefusedProcess): Uint8Array {
  const { pid, startNs, wallNs, language = LANGUAGE.node } = refused;
  const records: Uint8Array[] = [encodePartHead({ pid, segment: 0, startNs, wallNs, language })];
  let texts = 0;
  function defineText(text: string): number {
    const bytes = new TextEncoder().encode(text).subarray(0, TEXT_MAX_BYTES);
    if (bytes.length === 0) return 0;
    const id = ++texts;
    for (let from = 0; from < bytes.length; from += TEXT_PIECE_BYTES) {
      const piece = new Uint8Array(TEXT_PIECE_BYTES);
      piece.set(bytes.subarray(from, from + TEXT_PIECE_BYTES));
      const isLast = from + TEXT_PIECE_BYTES >= bytes.length;
      const record = new Uint8Array(RECORD_BYTES);
      record.set(piece.subarray(0, 8));
      record.set(piece.subarray(8), 12);
      const view = new DataView(record.buffer);
      view.setUint32(8, id, true);
      view.setUint32(28, head(KIND.text, isLast ? FLAG.textLast : 0, from / TEXT_PIECE_BYTES), true);
      records.push(record);
    }
    return id;
  }
  function write(kind: number, flags: number, fields: readonly number[]): void {
    const view = new DataView(new ArrayBuffer(RECORD_BYTES));
    view.setBigUint64(0, startNs, true);
    for (let i = 0; i < fields.length; i++) view.setUint32(12 + 4 * i, fields[i]!, true);
    view.setUint32(28, head(kind, flags, 0), true);
    records.push(new Uint8Array(view.buffer));
  }

  const argv = defineText(maskSecrets(refused.args).join(' '));
  const version = defineText(refused.version);
  const why = defineText(refused.why);
  const parts = KINDS.processBegin.flags;
  const flags = flagBits(parts.language, language) | flagBits(parts.method, START_METHOD.program);
  write(KIND.processBegin, flags, [pid, refused.parentPid, argv, version]);
  write(KIND.agent, AGENT_NOTICE.off, [why, 0, 1, 0]);

  const whole = new Uint8Array(records.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const record of records) {
    whole.set(record, at);
    at += record.length;
  }
  return whole;
}
