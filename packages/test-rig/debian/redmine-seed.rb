# Run by redmine.sh: switches the REST API on, makes the private project "cases", the user "connector" who manages it,
# a field "Tags" (a list of which several may be chosen; others are refused with 422) and a text field "Case id".
Setting.rest_api_enabled = '1'
Setting.login_required = '1'
Setting.default_language = 'en'

project = Project.find_by_identifier('cases') || Project.new(name: 'Cases', identifier: 'cases')
project.is_public = false
project.trackers = Tracker.all
project.enabled_module_names = %w[issue_tracking]
project.save!

user = User.find_by_login('connector') ||
       User.new(firstname: 'Con', lastname: 'Nector', mail: 'connector@example.test', language: 'en')
user.login = 'connector'
user.password = user.password_confirmation = 'connector-pass'
user.must_change_passwd = false
user.save!

unless project.members.where(user_id: user.id).exists?
  Member.create!(principal: user, project: project, roles: [Role.find_by_name('Manager') || Role.givable.first])
end

unless IssueCustomField.find_by_name('Tags')
  every = { is_for_all: true, is_filter: true, editable: true, trackers: Tracker.all }
  IssueCustomField.create!(name: 'Tags', field_format: 'list', multiple: true,
                           possible_values: %w[phishing malware lateral-movement noise], **every)
  IssueCustomField.create!(name: 'Case id', field_format: 'string', **every)
end
