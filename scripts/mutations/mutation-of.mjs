/**
 * How a package's list writes its mutations: `find` stands exactly once in `file`, a file of the package's sources;
 * `tests` are those of its test folder that must notice.
 */
export const mutationOf =
  (folder) =>
  (name, file, find, replace, ...tests) => ({
    name,
    file: `${folder}/src/${file}`,
    find,
    replace,
    tests: tests.map((test) => `${folder}/test/${test}`),
  });
