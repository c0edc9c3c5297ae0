package kube

func (m *model) reportNodes()    {}
func (m *model) reportReplicas() {}
func (m *model) reportSpread()   {}
func (m *model) reportBudgets()  {}
