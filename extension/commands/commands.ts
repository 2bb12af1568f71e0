/**
 * The commands, as a table: one row and one file each. Titles, icons and the clauses that say when
 * a command can be used stand in the manifest; test/extension/commands.test.ts compares the two.
 */
import type { CommandFactory } from './context.ts';
import { addLibrary } from './add-library.ts';
import { addRecording } from './add-recording.ts';
import { debugCurrentFile } from './debug-current-file.ts';
import { debugRecording } from './debug-recording.ts';
import { freezeTask } from './freeze-task.ts';
import { goToTask } from './go-to-task.ts';
import { nextSwitch } from './next-switch.ts';
import { openTrace } from './open-trace.ts';
import { pinTask } from './pin-task.ts';
import { previousSwitch } from './previous-switch.ts';
import { revealSite } from './reveal-site.ts';
import { reverseStepOut } from './reverse-step-out.ts';
import { runOnlyTask } from './run-only-task.ts';
import { saveReport } from './save-report.ts';
import { saveTrace } from './save-trace.ts';
import { showPanel } from './show-panel.ts';
import { silenceFinding } from './silence-finding.ts';
import { stepTask } from './step-task.ts';
import { stop } from './stop.ts';
import { thawTask } from './thaw-task.ts';
import { toWaker } from './to-waker.ts';
import { traceCurrentFile } from './trace-current-file.ts';
import { traceCommand } from './trace-command.ts';
import { traceFailedTests } from './trace-failed-tests.ts';
import { traceScript } from './trace-script.ts';
import { traceTest } from './trace-test.ts';
import { traceThisFile } from './trace-this-file.ts';
import { tracedTerminal } from './traced-terminal.ts';
import { tryIt } from './try-it.ts';

export const COMMANDS: Readonly<Record<`simul.${string}`, CommandFactory>> = {
  'simul.traceCurrentFile': traceCurrentFile,
  'simul.traceThisFile': traceThisFile,
  'simul.traceCommand': traceCommand,
  'simul.traceScript': traceScript,
  'simul.traceTest': traceTest,
  'simul.traceFailedTests': traceFailedTests,
  'simul.tracedTerminal': tracedTerminal,
  'simul.stop': stop,
  'simul.openTrace': openTrace,
  'simul.tryIt': tryIt,
  'simul.showPanel': showPanel,
  'simul.addRecording': addRecording,
  'simul.saveTrace': saveTrace,
  'simul.saveReport': saveReport,
  'simul.revealSite': revealSite,
  'simul.addLibrary': addLibrary,
  'simul.silenceFinding': silenceFinding,
  'simul.debugRecording': debugRecording,
  'simul.nextSwitch': nextSwitch,
  'simul.previousSwitch': previousSwitch,
  'simul.reverseStepOut': reverseStepOut,
  'simul.toWaker': toWaker,
  'simul.debugCurrentFile': debugCurrentFile,
  'simul.stepTask': stepTask,
  'simul.freezeTask': freezeTask,
  'simul.thawTask': thawTask,
  'simul.runOnlyTask': runOnlyTask,
  'simul.goToTask': goToTask,
  'simul.pinTask': pinTask,
};
