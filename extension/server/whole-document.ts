/** An open document as the server needs it: its lines, and their hashes, made at first use. */
import type { TextDocumentsConfiguration } from 'vscode-languageserver/node';
import { fileURLToPath } from 'node:url';
import { type IgnoredLines, ignoredLines } from './fixes/ignored-lines.ts';
import { hashLine } from '../../runtime/trace/format/hash.ts';

export class WholeDocument {
  readonly uri: string;
  readonly languageId: string;
  version: number;
  text: string;
  lines: readonly string[];
  #hashes: Uint32Array | null = null;
  #ignored: IgnoredLines | null = null;

  constructor(uri: string, languageId: string, version: number, text: string) {
    this.uri = uri;
    this.languageId = languageId;
    this.version = version;
    this.text = text;
    this.lines = text.split(/\r\n|\r|\n/);
  }

  /** The file's path; null when it is no file of this machine ("untitled:", a remote one). */
  get path(): string | null {
    try {
      return this.uri.startsWith('file:') ? fileURLToPath(this.uri) : null;
    } catch {
      return null;
    }
  }

  replace(text: string, version: number): void {
    this.text = text;
    this.lines = text.split(/\r\n|\r|\n/);
    this.version = version;
    this.#hashes = null;
    this.#ignored = null;
  }

  /** The rules that comments silence, by line. */
  get ignored(): IgnoredLines {
    return (this.#ignored ??= ignoredLines(this.text, this.languageId));
  }

  /** `hashLine` of each line. */
  get hashes(): Uint32Array {
    return (this.#hashes ??= Uint32Array.from(this.lines, hashLine));
  }
}

/** The client sends whole texts (TextDocumentSyncKind.Full): every change is a new text. */
export const wholeDocuments: TextDocumentsConfiguration<WholeDocument> = {
  create: (uri, languageId, version, text) => new WholeDocument(uri, languageId, version, text),
  update: (document, changes, version) => {
    const last = changes[changes.length - 1];
    if (last) document.replace(last.text, version);
    return document;
  },
};
