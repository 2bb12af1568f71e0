/**
 * Runs other people's test suites untraced and traced, full and light, and compares:
 *
 *   npm run suites -- FOLDER [--only=NAME,…] [--depths=full,light] [--rounds=N] [--save=FOLDER]
 *
 * FOLDER holds checkouts (`suites.ts` says of what). A missing one is said, and not passed. With
 * `--depths=none` nothing is traced: more than one round then shows which suites are not steady.
 * The figures are CPU time of all processes, traced against untraced, the median of the rounds.
 * `--save` keeps every output; those of a suite that differs are kept in any case.
 */
import { runSuites } from './run-suites.ts';
import { suites } from './suites.ts';

process.exitCode = await runSuites({
  suites,
  script: 'suites',
  file: 'test/suites/suites.ts',
  depths: 'full,light',
});
