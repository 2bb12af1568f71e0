/**
 * Variables that were added to an environment which the program gave to a process or a worker of
 * its own (lifecycle/given-environments.ts). There `SIMUL_GIVEN` names those that were not in it.
 * They are taken out again before the program runs, and it finds the environment that it gave.
 */

/** Names of the variables that were not given, with commas between them. */
export const GIVEN = 'SIMUL_GIVEN';

export type Variables = Record<string, string | undefined>;

/** The option of NODE_OPTIONS that loads the instrument, as the launcher writes it. */
const OWN_OPTION = /\s*(?:--require=\S*preload\.cjs|"--require=[^"]*preload\.cjs")$/;

export function hideOwnVariables(variables: Variables): void {
  const notGiven = variables[GIVEN];
  if (notGiven === undefined) return;
  const names = notGiven.split(',');
  for (const name of [GIVEN, ...names]) delete variables[name];
  const options = variables['NODE_OPTIONS'];
  if (options !== undefined) variables['NODE_OPTIONS'] = options.replace(OWN_OPTION, '');
}
