/**
 * A child process that can write no more: its output goes into a pipe that nobody in the program
 * reads, and the program waits for the child. The agent looked while nothing happened: what had
 * come filled the stream, and no one was listening to it.
 *
 * Refuted by a reader that comes later: then the child goes on.
 */
import { LANGUAGE } from '../format/kinds.ts';
import type { Fact } from '../model/trace.ts';
import { childFinding, quietChildren } from './child-pipes.ts';
import { fullPipes } from './full-pipes.ts';
import type { Rule, RuleRun } from './finding.ts';

export const unreadPipe: Rule = {
  name: 'unread-pipe',
  description: 'A child process stood still, for nobody read what it wrote.',
  start: (trace, gaps): RuleRun => ({
    findings: () => [
      ...fullPipes(trace, unreadPipe.name),
      ...trace.processes.flatMap((process) =>
        quietChildren(trace, gaps, process, UNREAD).map((child) =>
          childFinding(trace, child, {
            rule: unreadPipe.name,
            why: [` can write no more: nobody reads its ${UNREAD.exec(child.fact.text)![1]!}`],
            mend:
              process.language === LANGUAGE.python
                ? '`communicate()` reads it and waits for the child.'
                : "Read it, or give the child `stdio: 'ignore'` or `'inherit'`.",
          }),
        ),
      ),
    ],
  }),
};

const UNREAD = /^the child process \d* ?with a full (.*) that nobody reads/;
export const isUnread = ({ text }: Pick<Fact, 'text'>): boolean => UNREAD.test(text);
