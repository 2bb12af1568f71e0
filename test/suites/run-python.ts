/**
 * The same for Python (`suites-python.ts`), whose agent has one depth:
 *
 *   npm run suites:python -- FOLDER [--only=NAME,…] [--depths=none] [--rounds=N] [--save=FOLDER]
 */
import { runSuites } from './run-suites.ts';
import { pythonSuites } from './suites-python.ts';

process.exitCode = await runSuites({
  suites: pythonSuites,
  script: 'suites:python',
  file: 'test/suites/suites-python.ts',
  depths: 'full',
});
