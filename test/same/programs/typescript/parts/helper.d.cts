export declare function helper(x: number): number; export type Both = number;
