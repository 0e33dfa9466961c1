/// The tables of templates and experiments.
enum TemplateSchema {
    static let sql = """
        CREATE TABLE template (
          id TEXT NOT NULL PRIMARY KEY,
          workspace TEXT NOT NULL,
          name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 512),
          language TEXT NOT NULL,
          category TEXT NOT NULL CHECK (category IN ('marketing', 'utility', 'authentication')),
          header TEXT,
          body TEXT NOT NULL,
          footer TEXT,
          buttons TEXT NOT NULL,
          version INTEGER NOT NULL CHECK (version >= 1),
          review TEXT NOT NULL CHECK (review IN ('draft', 'pending', 'approved', 'rejected', 'paused', 'disabled')),
          reviewReason TEXT,
          wabaID TEXT,
          metaID TEXT,
          -- Meta's rating, and its body where that is not ours any more.
          quality TEXT,
          changedBody TEXT,
          createdAt INTEGER NOT NULL,
          updatedAt INTEGER NOT NULL,
          UNIQUE (workspace, name, language)
        ) STRICT;
        CREATE INDEX templateByMetaID ON template (metaID) WHERE metaID IS NOT NULL;

        CREATE TABLE experiment (
          workspace TEXT NOT NULL,
          name TEXT NOT NULL,
          -- Templates and their shares, as JSON.
          variants TEXT NOT NULL,
          -- Once it was stopped.
          winner TEXT,
          createdAt INTEGER NOT NULL,
          PRIMARY KEY (workspace, name)
        ) STRICT;

        -- What a campaign has told of each template, the latest in place of what it told before.
        CREATE TABLE experimentResult (
          workspace TEXT NOT NULL,
          name TEXT NOT NULL,
          source TEXT NOT NULL,
          template TEXT NOT NULL,
          messages INTEGER NOT NULL,
          delivered INTEGER NOT NULL,
          "read" INTEGER NOT NULL,
          failed INTEGER NOT NULL,
          PRIMARY KEY (workspace, name, source, template)
        ) STRICT, WITHOUT ROWID;
        """
}
