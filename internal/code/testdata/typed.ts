import { exec } from 'child_process';
export async function run<T>(x: T): Promise<void> { exec(`id ${x}`); }
const tag = <T,>(x: T) => x;
