import type { Preset } from "@stepwire/core";

/** Redmine 4 and later, whose REST API has to be switched on. Severity has no field there that is the same everywhere. */
const redmine: Preset = {
  description: "Redmine: issues of one project, by its REST API",
  config: {
    createIncidentUrl: "{base}/issues.json",
    createIncidentMethod: "post",
    createIncidentJson:
      '{"issue":{"project_id":"{project}","subject":{{{case.title}}},' +
      '"description":"{{{case.description}}}{{#case.severity}}\\n\\nSeverity: {{{case.severity}}}{{/case.severity}}"}}',
    createIncidentResponseKey: "issue.id",
    getIncidentUrl: "{base}/issues/{{{external.system.id}}}.json",
    getIncidentResponseExternalTitleKey: "issue.subject",
    viewIncidentUrl: "{base}/issues/{{{external.system.id}}}",
    updateIncidentUrl: "{base}/issues/{{{external.system.id}}}.json",
    updateIncidentMethod: "put",
    updateIncidentJson:
      '{"issue":{"subject":{{{case.title}}},' +
      '"description":"{{{case.description}}}{{#case.severity}}\\n\\nSeverity: {{{case.severity}}}{{/case.severity}}"}}',
    // A comment is a change of the issue that holds nothing but a note.
    createCommentUrl: "{base}/issues/{{{external.system.id}}}.json",
    createCommentMethod: "put",
    createCommentJson: '{"issue":{"notes":{{{case.comment}}}}}',
  },
};

/** Version 2 of the REST API takes plain text; the title is the key, which its address is made of. */
const jira: Preset = {
  description: "Jira Cloud or Data Center: issues of one project, by version 2 of its REST API",
  config: {
    createIncidentUrl: "{base}/rest/api/2/issue",
    createIncidentMethod: "post",
    createIncidentJson:
      '{"fields":{"project":{"key":"{project}"},"issuetype":{"name":"{issueType}"},' +
      '"summary":{{{case.title}}},"description":{{{case.description}}},"labels":{{{case.tags}}}}}',
    createIncidentResponseKey: "id",
    getIncidentUrl: "{base}/rest/api/2/issue/{{{external.system.id}}}",
    getIncidentResponseExternalTitleKey: "key",
    viewIncidentUrl: "{base}/browse/{{{external.system.title}}}",
    updateIncidentUrl: "{base}/rest/api/2/issue/{{{external.system.id}}}",
    updateIncidentMethod: "put",
    updateIncidentJson:
      '{"fields":{"summary":{{{case.title}}},"description":{{{case.description}}},"labels":{{{case.tags}}}}}',
    createCommentUrl: "{base}/rest/api/2/issue/{{{external.system.id}}}/comment",
    createCommentMethod: "post",
    createCommentJson: '{"body":{{{case.comment}}}}',
  },
};

/** Systems whose configuration is proven by tests against them. */
export const presets = { redmine, jira };
