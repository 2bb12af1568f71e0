/** Programs that are alike but for one thing: made from tables. */

import { transformSync } from 'esbuild';
import { programOf, type Program } from './program.ts';

export function families(): Program[] {
  return [...unhandled(), ...spacings(), ...endings(), ...compiled()];
}

/** What Node does about a rejection that nobody handles, in each of its modes. */
function unhandled(): Program[] {
  const ends: Readonly<Record<string, number>> = {
    throw: 1,
    strict: 1,
    warn: 0,
    'warn-with-error-code': 1,
    none: 0,
  };
  const sources = {
    error: `(async () => { await null; throw new Error('nobody handles it'); })();`,
    value: `Promise.reject({ code: 5 });`,
    late: `const p = (async () => { throw new Error('late'); })(); setTimeout(() => p.catch(() => console.log('caught')), 2);`,
  };
  return Object.entries(ends).flatMap(([mode, status]) =>
    Object.entries(sources).map(([name, source]) =>
      programOf(
        `unhandled/${mode}-${name}.cjs`,
        `// same: flags=--unhandled-rejections=${mode} ends=${status}
process.on('exit', (code) => console.log('exit', code));
${source}
setTimeout(() => console.log('still there'), 10);
`,
      ),
    ),
  );
}

/** Keywords beside every neighbour that needs no blank. */
const SPACINGS: Readonly<Record<string, string>> = {
  await: `async function f(x){const a=await(x),b=await[x],c=await{x},d=await"s",e=await\`t\`,g=await-1,h=await!x,i=await/r/,j=await\nx,k=await/*c*/x,l=await//c\nx;return[a,b,c,d,e,g,h,String(i),j,k,l]}`,
  return: `async function f(x){const a=async()=>{return(x)},b=async()=>{return[x]},c=async()=>{return{x}},d=async()=>{return"s"},e=async()=>{return-1},g=async()=>{return/r/.source},h=async()=>{return},i=async()=>{return/*c*/await(x)},j=async()=>{return!await x};return Promise.all([a(),b(),c(),d(),e(),g(),h(),i(),j()])}`,
  yield: `async function f(x){async function*a(){yield(1);yield[2];yield{x};yield"s";yield-3;yield/r/.source;yield;yield/*c*/4;yield*[5];yield
6;const b=yield(7);yield(b)}const all=[];for await(const y of a())all.push(y);return all}`,
  'for-of': `async function f(x){const all=[];for await(const y of[1])all.push(y);for await(const y of(([2])))all.push(y);for(const y of[await(x)])all.push(y);for await(var z of"ab")all.push(z);for await(all[9]of[3]);for(const y of\`c\`)all.push(y);return all}`,
  throw: `async function f(x){const all=[];for(const g of[async()=>{throw(x)},async()=>{throw[x]},async()=>{throw-1},async()=>{throw"s"},async()=>{throw await(x)}])try{await(g())}catch(e){all.push(e)}return(all)}`,
  'do-else': `async function f(x){let n=0;do await(n++);while(await(n<2));if(!x);else(0,f)?n++:0;if(x)await(n++);else[n];while(n<5)n+=await(1);return(n)}`,
  case: `async function f(x){const all=[];for(const y of[1,2])switch(await(y)){case(await(1)):all.push("one");break;case[2][0]:all.push("two");default:all.push("more")}return(all)}`,
  operators: `async function f(x){return[typeof await(x),void await(x),delete(await{x}).x,+await(x),-await-x,~await(x),!await!x,await(x)in{1:1},await(Date)instanceof Function,(await(x))**2,x+await+x,(await(x),await(2)),await(x)?await(3):await(4),await null??await(5)]}`,
  arrows: `async function f(x){const a=async x=>await(x),b=async(x)=>({x:await(x)}),c=async x=>[await(x)],d=async()=>{},e=async x=>x=>await$(x),await$=y=>y,g=async({x})=>(await(x)),h=async([x]=[1],...r)=>r[await(0)];return[await(a(1)),await(b(2)),await(c(3)),await(d()),(await(e(1)))(4),await(g({x:5})),await(h([1],6))]}`,
  members: `async function f(x){const o={async(){return 1},async*a(){yield(1)},async[x](){return(await(2))},async"s"(){return 3},async 4(){return 4},get async(){return 5},await:6,async:async()=>7};return[typeof o.async,await o[x](),await o.s(),await o[4](),o.await,await(o.async())]}`,
  classes: `async function f(x){class A{async*#g(){yield(1)}async[x](){for await(const y of this.#g())return(y)}static async async(){return(2)}static{this.b=3}'use strict'=4;static async*[Symbol.asyncIterator](){yield*[5]}}const all=[];for await(const y of A)all.push(y);return[await(new(A)())[x](),await(A.async()),A.b,all]}`,
  chains: `async function f(x){const o={a:async()=>o,b:{c:async y=>y}};return[await(await(o.a())).b.c(1),(await o?.a())?.b.c.length,await(o).b.c(2),await[3][0],await(o.a)().then(y=>y===o),await new Promise(r=>r(4)),await new(class{then(r){r(5)}})]}`,
};

function spacings(): Program[] {
  return Object.entries(SPACINGS).flatMap(([name, source]) =>
    (['cjs', 'mjs'] as const).map((format) =>
      programOf(
        `spacing/${name}.${format}`,
        `${source};f(1).then(v=>console.log(v),e=>console.log(e.name,e.message))\n`,
      ),
    ),
  );
}

/** Ways to end, each from within each kind of callback. */
const ENDS: Readonly<Record<string, readonly [source: string, ends: number]>> = {
  exit: ['process.exit(3)', 3],
  'exit-code': ['process.exitCode = 4', 4],
  throw: [`throw new Error('thrown')`, 1],
  reject: [`Promise.reject(new Error('rejected'))`, 1],
};
const PLACES: Readonly<Record<string, (end: string) => string>> = {
  timer: (end) => `setTimeout(() => { ${end}; }, 1);`,
  immediate: (end) => `setImmediate(async () => { ${end}; });`,
  tick: (end) => `process.nextTick(() => { ${end}; });`,
  microtask: (end) => `queueMicrotask(() => { ${end}; });`,
  'before-exit': (end) => `process.once('beforeExit', () => { ${end}; });`,
  generator: (end) =>
    `(async () => { for await (const x of (async function* () { yield 1; ${end}; })()) console.log(x); })();`,
  'event-target': (end) =>
    `const target = new EventTarget(); target.addEventListener('e', () => { ${end}; }); target.dispatchEvent(new Event('e'));`,
};

function endings(): Program[] {
  return Object.entries(ENDS).flatMap(([name, [source, ends]]) =>
    Object.entries(PLACES).map(([place, put]) =>
      programOf(
        `endings/${name}-in-${place}.cjs`,
        `// same: ends=${ends}
process.on('exit', (code) => console.log('exit', code, process.exitCode));
${put(source)}
(async () => { await null; console.log('after await'); })();
`,
      ),
    ),
  );
}

const SERVICE = `interface Request { readonly id: number }
type Answer<T> = { value: T };

async function handle<T>(request: Request, value: T): Promise<Answer<T>> {
  await Promise.resolve();
  if (request.id > 1) throw new RangeError(\`no request \${request.id}\`);
  return { value };
}

async function main(): Promise<void> {
  console.log(await handle({ id: 1 }, 'one'));
  try {
    await handle<number>({ id: 2 }, 2);
  } catch (error) {
    console.log((error as Error).stack!.split('\\n').slice(0, 3).join('\\n'));
  }
  await handle({ id: 3 }, null);
}

main();
`;

/** A source that was compiled to `dist/`, with its map beside it, in it, or nowhere. */
function compiled(): Program[] {
  const programs: Program[] = [];
  for (const format of ['cjs', 'esm'] as const) {
    for (const map of ['external', 'inline', 'none'] as const) {
      for (const isMinified of [false, true]) {
        for (const flag of ['', '--enable-source-maps']) {
          const file = `main.${format === 'cjs' ? 'cjs' : 'mjs'}`;
          const { code, map: text } = transformSync(SERVICE, {
            loader: 'ts',
            format,
            minify: isMinified,
            sourcefile: '../src/main.ts',
            sourcemap: map === 'none' ? false : map,
            target: 'es2022',
          });
          const header = `// same: ends=1 needs=file${flag === '' ? '' : ` flags=${flag}`}\n`;
          const name = [format, map, ...(isMinified ? ['minified'] : []), ...(flag === '' ? [] : ['mapped'])];
          const program = programOf(`compiled/${name.join('-')}/${file}`, header);
          programs.push({
            ...program,
            source: map === 'external' ? `${code}//# sourceMappingURL=${file}.map\n` : code,
            files: { 'src.ts': SERVICE, ...(map === 'external' ? { [`${file}.map`]: text } : {}) },
          });
        }
      }
    }
  }
  return programs;
}
