// same: flags=--experimental-vm-modules
import vm from 'node:vm'; const context = vm.createContext({ print: console.log }); const dep = new vm.SyntheticModule(['x'], function () { this.setExport('x', 5); }, { context });
const module = new vm.SourceTextModule('import { x } from "dep"; export const y = await Promise.resolve(x + 1); export async function f() { await null; throw new Error("in a vm module"); } print(import.meta.own);', { context, identifier: 'vm:main', initializeImportMeta(meta) { meta.own = 'meta'; } });
await module.link(() => dep); await module.evaluate(); console.log(module.namespace.y, module.status); await module.namespace.f().catch((error) => console.log(error.stack.split('\n').slice(0, 2).join('\n')));
