/**
 * The value of an observable was asked for when the subject behind it had sent its last one. Of a
 * subject that keeps its values (ReplaySubject, AsyncSubject) they still come.
 */
import { FACT, KIND } from '../../../trace/format/kinds.ts';
import { builtIns } from '../../../recorder/built-ins.ts';
import { plainProperty } from '../builtins/inspect-safely.ts';
import { settledValueOf } from '../builtins/settled-value.ts';
import type { SharedStep } from '../contract/probe-set.ts';
import { objectAt } from './object-at.ts';
import type { ThreadContext } from './thread-context.ts';

const { getWeak, isArray, setWeak } = builtIns;
const LATE = FACT['late-subject'];
const EARLY = FACT['early-event'];
/** Operators between a subject and who asks. */
const MAX_SOURCES = 30;

interface Told {
  /** As written where it sends. */
  name: string;
  /** Of the last `next`, and of the end; 0: there was none. */
  nextSite: number;
  doneSite: number;
  ns: bigint;
}

const toldBy = new WeakMap<object, Told>();

export type LateSubjects = (step: SharedStep, site: number, value: unknown, owner: unknown) => void;

export function lateSubjects({
  recorder,
  sites,
  state,
}: Pick<ThreadContext, 'recorder' | 'sites' | 'state'>): LateSubjects {
  /** What is asked just now. */
  let asked: object | null = null;

  function noteTold(how: string, name: string, subject: unknown, site: number): void {
    if (!isSubject(subject)) return;
    let told = getWeak(toldBy, subject);
    if (told === undefined) setWeak(toldBy, subject, (told = { name, nextSite: 0, doneSite: 0, ns: 0n }));
    if (how === 'next') told.nextSite = site;
    else if (told.doneSite === 0) told.doneSite = site;
    else return;
    told.ns = builtIns.now();
  }

  function noteAsked(subject: object, { name }: SharedStep, site: number, promise: unknown): void {
    const told = getWeak(toldBy, subject);
    if (told === undefined || keepsValues(subject) || typeof promise !== 'object' || promise === null) return;
    const task = state.current?.id ?? state.creator;
    const isOver = plainProperty(subject, 'isStopped') === true;
    if (!isOver && (told.nextSite === 0 || plainProperty(subject, '_value') !== undefined)) return;
    const settled = settledValueOf(promise);
    if (isOver ? !isEmpty(settled) : settled !== null) return;
    const toldSite = told.nextSite === 0 ? told.doneSite : told.nextSite;
    sites.waitFlags(site);
    sites.waitFlags(toldSite);
    if (!isOver) {
      recorder.write(KIND.fact, EARLY, task, site, recorder.defineText(told.name), toldSite, 0);
      return;
    }
    const us = builtIns.floor(Number(builtIns.now() - told.ns) / 1000);
    const how = told.nextSite === 0 ? 'ended' : 'sent';
    const text = recorder.defineText(`${how}|${told.name}|${name}`);
    recorder.write(KIND.fact, LATE, task, site, text, toldSite, us);
  }

  return (step, site, value, owner) => {
    if (step.how === 'tells') noteTold(step.key!, step.name, objectAt(owner, step.keys), site);
    else if (step.how === 'hears') asked = subjectOf(value);
    else {
      const subject = asked;
      asked = null;
      if (subject !== null) noteAsked(subject, step, site, value);
    }
  };
}

function isSubject(value: unknown): value is object {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof plainProperty(value, 'isStopped') === 'boolean' &&
    isArray(plainProperty(value, 'observers'))
  );
}

/** What an observable takes its values from, if that is one subject. */
function subjectOf(observable: unknown): object | null {
  let at = observable;
  for (let i = 0; i < MAX_SOURCES && typeof at === 'object' && at !== null; i++) {
    const source = plainProperty(at, 'source');
    if (source === undefined || source === null) return isSubject(at) ? at : null;
    at = source;
  }
  return null;
}

const keepsValues = (subject: object): boolean =>
  isArray(plainProperty(subject, '_buffer')) || plainProperty(subject, '_hasValue') === true;

function isEmpty(settled: ReturnType<typeof settledValueOf>): boolean {
  const value = settled?.value;
  return (
    settled?.isRejected === true &&
    typeof value === 'object' &&
    value !== null &&
    plainProperty(value, 'name') === 'EmptyError'
  );
}
