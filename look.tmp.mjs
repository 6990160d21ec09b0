import { chromium } from '@playwright/test';
export async function launch(extra=[]) { return chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox','--disable-background-networking','--disable-component-update','--disable-sync','--disable-quic','--no-first-run','--enable-unsafe-webgpu','--use-webgpu-adapter=swiftshader', ...extra] }); }
