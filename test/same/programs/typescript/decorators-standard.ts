// same: needs=compiler
const log: string[] = []; const logged = (value: any, context: any) => { log.push(`${context.kind} ${String(context.name)}`); if (context.kind === 'method') return async function (this: any, ...args: any[]) { log.push('called'); return await value.apply(this, args); }; if (context.kind === 'field') return (v: any) => v * 2; context.addInitializer?.(() => log.push(`init ${String(context.name)}`)); };
@(logged as any) class A { @(logged as any) x = 21; @(logged as any) async m(n: number) { await null; return this.x + n; } @(logged as any) get g() { return 1; } }
new A().m(1).then((v) => console.log(v, log.join(', ')));
