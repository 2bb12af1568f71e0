// Languages, loaded together.
const [de, fr] = await Promise.all([import('./de.mjs'), import('./fr.mjs')]);
console.log(de.hello, fr.hello);
