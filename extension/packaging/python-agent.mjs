/**
 * Puts the agent for Python together, dist/agent/python: its sources as they are, and the table of
 * kinds as a Python module. Python compiles them at their first import.
 */
import { copyFile, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/**
 * @param {string} root of the project
 * @param kinds what `dist/kinds.json` holds
 */
export async function writePythonAgent(root, kinds) {
  const from = join(root, 'runtime/agent/python');
  const to = join(root, 'dist/agent/python');
  const sources = (await readdir(from, { recursive: true })).filter((name) => name.endsWith('.py'));
  const former = await readdir(to, { recursive: true }).catch(() => []);
  for (const name of former)
    if (name.endsWith('.py') && !sources.includes(name) && name !== KINDS) await rm(join(to, name));
  for (const name of sources) {
    await mkdir(dirname(join(to, name)), { recursive: true });
    await copyFile(join(from, name), join(to, name));
  }
  await writeFile(join(to, KINDS), kindsModule(kinds));
}

const KINDS = join('_simul', 'kinds.py');

/** The table of kinds as Python: numbers by name, and what the fields and flags of a kind are. */
export function kindsModule({ format, recordBytes, text, enumerations, kinds }) {
  const rows = Object.entries(kinds);
  const lines = [
    '"""The kinds of records. Written by the build from runtime/trace/format/kinds.ts."""',
    `FORMAT = ${format}`,
    `RECORD_BYTES = ${recordBytes}`,
    `TEXT_PIECE_BYTES = ${text.pieceBytes}`,
    `TEXT_MAX_BYTES = ${text.maxBytes}`,
    `KINDS = ${python(Object.fromEntries(rows.map(([name, { number }]) => [name, number])))}`,
    '# Name, type and offset of each field.',
    ...assignment(
      'FIELDS',
      rows.map(([name, { fields }]) => [name, fields.map((field) => [field.name, field.type, field.offset])]),
    ),
    '# The lowest bit of each part, how many it has, and the name of its enumeration.',
    ...assignment(
      'FLAGS',
      rows.map(([name, { flags }]) => [
        name,
        Object.fromEntries(
          Object.entries(flags).map(([flag, { bit, bits, enumeration }]) => [flag, [bit, bits, enumeration]]),
        ),
      ]),
    ),
    ...Object.entries(enumerations).map(
      ([name, names]) =>
        `${name} = ${python(Object.fromEntries(names.map((value, number) => [value, number])))}`,
    ),
  ];
  return `${lines.join('\n')}\n`;
}

const assignment = (name, rows) => [
  `${name} = {`,
  ...rows.map(([key, value]) => `    ${python(key)}: ${python(value)},`),
  '}',
];

/** A JSON value as a Python literal; all names of the table are ASCII. */
const python = (value) => JSON.stringify(value).replaceAll(/\bnull\b(?=[\],}])/g, 'None');
