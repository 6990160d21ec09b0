// The build copies the library here (xtask/src/build/vendor.json); its types stay in the npm package.
export * from 'pure-rand/generator/mersenne';
