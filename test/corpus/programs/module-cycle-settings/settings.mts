import { merged } from './merge.mts';
export const settings = merged({ port: 81 });
