/** What `--help` prints. */
export const USAGE = `simul: see who ran when and who waited for whom in a JavaScript, TypeScript or Python program

  simul trace [OPTION…] PROGRAM [ARG…]      run a file with this Node, or with Python, under trace
  simul trace [OPTION…] -- COMMAND [ARG…]   run any command; Node and Python processes in it are traced
      --out FILE         save the trace as FILE (*.simul) when the program has ended
      --recording DIR    record into DIR instead of a new folder of its own
      --join             record into DIR beside the program that does already
      --copies N         run it N times at once, into one recording
      --light            names and lines only: cheaper, knows fewer wakers
      --generators       each next and yield of generators, too: what is hot gets slower
      --cpu              where the CPU time goes, by function: 200 looks a second by V8's profiler
      --values           the type and size of each awaited value, too; never what is in it
      --python PATH      the interpreter for a .py file (default: SIMUL_PYTHON, else python3)
      --quiet            no summary
  simul trace --pid PID                     record a Python program that runs already (3.14 and newer)

  simul test [OPTION…] -- RUNNER [ARG…]     run tests (vitest run, jest, mocha, node --test, pytest) under
                                            trace: what was found, test by test
      --fail-on NAME     status 3 if this rule found something, or anything (warning), or an error
      --summary FILE     a table in Markdown, appended (default: $GITHUB_STEP_SUMMARY)
      --annotations      as annotations of GitHub Actions (there: the default)
      --sarif FILE       as SARIF 2.1.0
      --out FILE         save the trace as FILE (*.simul)
      --light            names and lines only: cheaper, knows fewer wakers

  simul why FILE|FOLDER                     the cause, and where the time went
      --at FILE:LINE     of the waits and findings at this line
      --task NAME        of this task: its name, its label ("load#3") or its id ("0:17")
      --time T           of what the run stood on at this time
      --pid PID          of a program that runs under trace, instead of a file
  simul findings FILE|FOLDER                all that was found, the gravest first
  simul moment FILE|FOLDER --time T         what each task did then, and who waited for whom
      --event PROCESS:N  when this record was written
      --json             of all three: as JSON of at most 2400 bytes, with a cursor for the rest
      --cursor CURSOR    the next page of that
      --bytes N          so many bytes instead
      T is in ns, or a number with ns, us, ms or s, from the recording's start

  simul show FILE|FOLDER                    the tasks of a saved trace or a recording, as a table
      --json             as JSON
      --limit N          at most N of each list (default: 10000 in JSON, 50 in the table)
      --summary          the summary that trace prints
      --attribution      how much of the CPU time and of the waiting belongs to somebody, and what
                         does not (with --json, too)

  simul save [OPTION…] FOLDER FILE          save a recording as FILE (*.simul)
      --last SECONDS     only the end, and what still went on then
      --redact           without literals, messages, arguments and paths above this folder
      --anonymous        the same, and names of functions, tasks and files are numbers

  simul report FILE|FOLDER --out PAGE.html  the panel with this trace as one page for any browser, which
                                            loads nothing; --last, --redact, --anonymous as for save

  simul export FILE|FOLDER --format perfetto|speedscope --out FILE
                                            the trace for ui.perfetto.dev or speedscope.app

  simul merge A B … --out FILE              one trace of several recordings or trace files, also of
                                            several machines: their clocks are aligned by what jobs
                                            of queues say

  simul dap --stdio                         replays recordings in a debugger: a debug adapter for
                                            editors that speak the Debug Adapter Protocol
      --folder DIR       shows the sources in this folder (default: the current one)

  simul try                                 trace a small example and say what it shows
  simul --help, --version; simul COMMAND --help

The program's input, output and exit status are its own; what simul says goes to stderr.
The last ten recordings are kept, in the folder SIMUL_RECORDINGS or else in
\${XDG_STATE_HOME:-~/.local/state}/simul/recordings.

Exit status:
  trace       the program's own, or 128 + the signal that ended it (where that was SIGINT,
              SIGTERM or SIGHUP, simul ends by it, too); 127: it does not exist;
              126: it cannot be started; 73: --out cannot be written, and nothing was run
  test        the runner's own; 3: it succeeded, and --fail-on names what was found
  why, findings, moment, show, save, report, export
              66: the trace cannot be read; 73: the file cannot be written
  any         2: wrong usage`;
