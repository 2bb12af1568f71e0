/**
 * The commands, as a table: one row and one file each. Titles, icons and the clauses that say when
 * a command can be used stand in the manifest; test/extension/commands.test.ts compares the two.
 */
import type { CommandFactory } from './context.ts';
import { addLibrary } from './add-library.ts';
import { openTrace } from './open-trace.ts';
import { panelAction } from './panel-action.ts';
import { revealSite } from './reveal-site.ts';
import { saveTrace } from './save-trace.ts';
import { showPanel } from './show-panel.ts';
import { stop } from './stop.ts';
import { traceCurrentFile } from './trace-current-file.ts';
import { tryIt } from './try-it.ts';

export const COMMANDS: Readonly<Record<`simul.${string}`, CommandFactory>> = {
  'simul.traceCurrentFile': traceCurrentFile,
  'simul.stop': stop,
  'simul.openTrace': openTrace,
  'simul.tryIt': tryIt,
  'simul.showPanel': showPanel,
  'simul.saveTrace': saveTrace,
  'simul.panelAction': panelAction,
  'simul.revealSite': revealSite,
  'simul.addLibrary': addLibrary,
};
