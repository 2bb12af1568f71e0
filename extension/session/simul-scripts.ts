/** The command `simul` of a traced terminal, as a file for a Unix shell and one for Windows. */
export interface SimulScript {
  readonly name: string;
  readonly text: string;
}

/** The command line itself is no program of the user's: it is not traced. */
export function simulScripts(node: string, cli: string): readonly SimulScript[] {
  const quoted = (path: string): string => `'${path.replaceAll("'", "'\\''")}'`;
  return [
    {
      name: 'simul',
      text: [
        '#!/bin/sh',
        'unset SIMUL_RECORDING',
        'NODE_OPTIONS="${SIMUL_OUTER_NODE_OPTIONS-}"',
        'export NODE_OPTIONS',
        `exec ${quoted(node)} ${quoted(cli)} "$@"`,
        '',
      ].join('\n'),
    },
    {
      name: 'simul.cmd',
      text: [
        '@echo off',
        'setlocal',
        'set SIMUL_RECORDING=',
        'set NODE_OPTIONS=%SIMUL_OUTER_NODE_OPTIONS%',
        `"${node}" "${cli}" %*`,
        '',
      ].join('\r\n'),
    },
  ];
}
