// same: needs=compiler tsconfig={"experimentalDecorators":true}
const log: string[] = []; const note = (name: string) => (log.push(`make ${name}`), (...args: any[]) => { log.push(`${name} ${args.length} ${typeof args[0]} ${String(args[1])}`); });
@note('class') class A { @note('field') field = 1; @note('method') async m(@note('param') a: number, b: string) { await null; return a; } @note('static') static s = 2; @note('getter') get g() { return 1; } constructor(@note('ctor') x: number) {} }
new A(1).m(2, 'x').then((v) => console.log(v, log.join('\n')));
